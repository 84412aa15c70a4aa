"""Tours of technicians: who does which job when. Plain data in and out, no database.

``python -m tours FILE``, in this addon's directory, solves an instance of Solomon's VRPTW.
"""
