"""FOCUS billing exports (FinOps Open Cost and Usage Specification), 1.0 to 1.3: what a row's texts say of its activity.

FOCUS holds money, quantities and names; never utilization, energy, PUE or a GPU's model. What is assumed in their place
shows in the grade, what cannot be estimated is null with a reason, and no row is left out.
"""
