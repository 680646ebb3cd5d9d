"""Several replies to the same step held side by side: what differs among them may vary, and is proposed as
dynamic parts or as a set of texts of which one must come. A person decides."""

from vivavoce.domain.aligning.proposing import Part, Proposal, StepProposal, propose, propose_step

__all__ = ["Part", "Proposal", "StepProposal", "propose", "propose_step"]
