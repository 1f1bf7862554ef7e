"""The steps from an empty database to the tables of :mod:`botcore.state.models`, in order."""
