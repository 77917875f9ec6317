"""skewcheck: do the frontend and the backend that are live right now still fit together?"""

__version__ = "0.1.0"
