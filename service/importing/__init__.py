"""`dualscope import`: files of other tools, reports of cloud providers, and bills."""
