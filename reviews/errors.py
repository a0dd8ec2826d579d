"""What can go wrong in a review."""

from engine.errors import Conflict, Forbidden, Invalid, NotFound


class SideNotFound(NotFound):
    """A side of a comparison names no revision, version or design."""

    code = "side-not-found"
    title = "One side is not there"


class ProposalNotFound(NotFound):
    """There is no such proposal, or none that the actor may know of."""

    code = "proposal-not-found"
    title = "No such proposal"


class ProposalInvalid(Invalid):
    """A proposal, a reason or a waiver lacks something, or names what cannot be."""

    code = "proposal-invalid"
    title = "The proposal is not complete"


class NotABranch(Conflict):
    """The design is no branch, so there is nothing that it could be merged into."""

    code = "not-a-branch"
    title = "This design is no branch"


class AlreadyProposed(Conflict):
    """The branch has an open proposal."""

    code = "already-proposed"
    title = "The branch is proposed already"


class MoveRefused(Conflict):
    """The proposal is in a state from which this move does not lead anywhere."""

    code = "move-refused"
    title = "The proposal does not take this move now"


class ProposalMoved(Conflict):
    """The branch or its line moved on after the actor last looked."""

    code = "proposal-moved"
    title = "The proposal moved on"


class ChecksFailed(Conflict):
    """A check that must pass before this move does not; `checks` names them."""

    code = "checks-failed"
    title = "Checks do not pass yet"


class OwnWork(Forbidden):
    """The actor opened the proposal or drew a part of it."""

    code = "own-work"
    title = "Nobody approves their own work"


class NotAnApprover(Forbidden):
    """Others are asked for this discipline."""

    code = "not-an-approver"
    title = "Others are asked for this discipline"


class NotTheAuthor(Forbidden):
    """Only the author of a proposal, or an admin, makes this move."""

    code = "not-the-author"
    title = "This is the author's to do"


class ThreadNotFound(NotFound):
    """There is no such thread, or none that the actor may know of."""

    code = "thread-not-found"
    title = "No such comment"


class CommentInvalid(Invalid):
    """A comment has no words, or is pinned to something that cannot be."""

    code = "comment-invalid"
    title = "The comment cannot be used"
