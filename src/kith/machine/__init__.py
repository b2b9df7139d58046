"""Starting and stopping what Kith runs on: the database, the web server, the worker.

No Django here: this room prepares the ground that Django then stands on.
"""
