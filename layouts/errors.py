"""What can go wrong with projects, designs and edits."""

from engine.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable


class DesignInvalid(Invalid):
    """A design file or a push of edits has problems; `errors` lists all of them."""

    code = "design-invalid"
    title = "The design has problems"


class PushTooLarge(Invalid):
    """One request carries more edits or bytes than a request may."""

    code = "push-too-large"
    title = "Too many edits in one request"


class EditConflict(Conflict):
    """Someone changed the same elements after the client last looked."""

    code = "edit-conflict"
    title = "The design changed under this edit"


class NothingToUndo(Conflict):
    """This person has no change in this design that is not undone already."""

    code = "nothing-to-undo"
    title = "There is nothing to undo"


class NothingToRedo(Conflict):
    """This person has undone nothing since their last change."""

    code = "nothing-to-redo"
    title = "There is nothing to redo"


class FileRefused(Invalid):
    """An uploaded file could not be read within the limits of the gate."""

    code = "file-refused"
    title = "The file could not be read"


class DocumentDamaged(Unavailable):
    """The stored log does not add up to the recorded state hash."""

    code = "document-damaged"
    title = "The stored design does not add up"


class RevisionNotFound(NotFound):
    """The design has no revision with this number."""

    code = "revision-not-found"
    title = "No such revision"


class ProjectNotFound(NotFound):
    """There is no such project, or none that the actor may know of."""

    code = "project-not-found"
    title = "No such project"


class DesignNotFound(NotFound):
    """There is no such design, or none that the actor may know of."""

    code = "design-not-found"
    title = "No such design"


class SampleNotFound(NotFound):
    """No sample design is shipped under this name."""

    code = "sample-not-found"
    title = "No such sample"


class OrganisationNotFound(NotFound):
    """There is no such organisation, or the actor does not belong to it."""

    code = "organisation-not-found"
    title = "No such organisation"


class DesignProtected(Forbidden):
    """The design is a protected line: it takes approved proposals and no direct edits."""

    code = "design-protected"
    title = "This design is protected"


class VersionNameTaken(Conflict):
    """The design has a version of this name; versions never move."""

    code = "version-name-taken"
    title = "There is a version of this name"


class VersionNotFound(NotFound):
    """The design has no version of this name."""

    code = "version-not-found"
    title = "No such version"
