"""The doctor's judgement: what was looked at becomes one check a line, each with its mend."""
