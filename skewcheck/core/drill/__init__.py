"""The drill's worlds, known-bad and healthy, as documents and answers; and what each must end in.

Rule of this package: a bad world differs from its healthy twin in one thing only, so that what
stops it is that thing.
"""
