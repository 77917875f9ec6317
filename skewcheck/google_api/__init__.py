"""Google's REST APIs: one way to sign in, to ask and to explain a refusal, for all adapters."""
