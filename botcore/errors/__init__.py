"""Every error of botcore, in one tree.

::

    BotcoreError
    ├── ConfigError                     a setting is wrong; names file, key and allowed values
    ├── EnvironmentFault                this machine lacks something; says how to mend it
    │   ├── CannotListen                the address is taken, or none of this machine's
    │   └── SandboxUnavailable          a wall of the sandbox does not hold
    ├── PluginError                     a plugin broke its contract
    │   └── UnknownPlugin               nothing of that name is loaded
    │       └── UnknownProvider
    ├── InputError                      the sender can mend it
    │   ├── EmptyText, EmptyFile, TextTooShort, TextTooLong, CodeTooLong, NotText, ForbiddenCharacter
    │   ├── UnsupportedAttachment, and one for each kind
    │   ├── PictureTooLarge, PictureUnreadable, NoProblemInPicture, PicturesNotRead
    │   ├── PictureOver, PictureNotYours
    │   ├── NotDrawnYet, NotYours, AgainUnclear
    │   ├── UnknownChoice, UnknownLanguage
    │   ├── LinkCodeWrong, OwnLinkCode, AlreadyLinked, LinkOver, LinkNotReady
    │   └── UnknownCommand
    ├── LimitError                      later, or less
    │   ├── RateLimited, TooManyJobs, LinkTriesUsedUp
    ├── AccessRefused                   not on the operator's list
    ├── StateError
    │   ├── NotFound
    │   │   └── NoSuchVideo, UnknownPerson
    │   ├── IllegalMove                 a job may not go from this status to that one
    │   ├── Superseded                  another writer was first (compare-and-set lost)
    │   └── DataDirInUse
    ├── JobError                        why a job ended
    │   ├── JobCancelled, JobTimeout, WorkerLost, AttemptsFailed
    ├── ProviderError
    │   ├── ProviderAbstained           not its kind of problem; the next one may know
    │   ├── ProviderUnavailable         try again, perhaps later
    │   ├── ProviderTooSlow             asking again would take as long
    │   ├── ProviderMisconfigured       until the operator mends it
    │   ├── ProviderResting             failed too often just now
    │   ├── BudgetUsedUp
    │   │   └── ProviderBudgetUsedUp
    │   ├── ProviderRefused             final
    │   ├── CannotChange                nobody can make that wish come true
    │   └── ProvidersExhausted          all were tried; carries every error
    ├── SourceError                     the source cannot be rendered; carries findings
    │   ├── SourceInvalid, SourceSyntaxError, SceneMissing, AnswerWrong, LayoutPoor
    ├── RenderError
    │   ├── SceneFailed                 the scene raised; line and message
    │   ├── RenderTimeout, RenderMemoryExceeded, RenderCrashed, RenderOutputFlood
    │   ├── VideoMissing, VideoInvalid, VideoTooLarge
    │   └── RendererUnavailable         machinery: try again
    ├── StoreError
    │   ├── StoreUnavailable, StoreMisconfigured, StoreFull
    │   └── ObjectMissing
    │       ├── VideoSeen, VideoExpired, VideoDeleted   why a person cannot have it any more
    └── DeliveryError
        ├── DeliveryUnavailable         try again
        │   └── DeliveryUncertain       the platform may have it: its receipt decides
        ├── ConversationClosed          the platform takes it once the person has written again
        └── DeliveryRejected            the platform will never take it
            └── MediaRejected           it takes messages, but not this file
                └── MediaTooLarge       ... because it is too big

Each class fixes a ``code`` (stable, machine-readable), a ``text`` (a template for the person who sent
the message: what was wrong, where, what to do) and its ``handling``. ``detail`` is for the operator and is
never shown in a chat.
"""

from botcore.errors.drawing import (
    AnswerWrong,
    LayoutPoor,
    RenderCrashed,
    RenderError,
    RendererUnavailable,
    RenderMemoryExceeded,
    RenderOutputFlood,
    RenderTimeout,
    SceneFailed,
    SceneMissing,
    SourceError,
    SourceInvalid,
    SourceSyntaxError,
    VideoInvalid,
    VideoMissing,
    VideoTooLarge,
)
from botcore.errors.handing_over import (
    ConversationClosed,
    DeliveryError,
    DeliveryRejected,
    DeliveryUnavailable,
    DeliveryUncertain,
    MediaRejected,
    MediaTooLarge,
    ObjectMissing,
    StoreError,
    StoreFull,
    StoreMisconfigured,
    StoreUnavailable,
    VideoDeleted,
    VideoExpired,
    VideoSeen,
)
from botcore.errors.jobs import (
    AttemptsFailed,
    BudgetUsedUp,
    CannotChange,
    DataDirInUse,
    IllegalMove,
    JobCancelled,
    JobError,
    JobTimeout,
    NoSuchVideo,
    NotFound,
    ProviderAbstained,
    ProviderBudgetUsedUp,
    ProviderError,
    ProviderMisconfigured,
    ProviderRefused,
    ProviderResting,
    ProvidersExhausted,
    ProviderTooSlow,
    ProviderUnavailable,
    StateError,
    Superseded,
    UnknownPerson,
    WorkerLost,
)
from botcore.errors.machine import (
    CannotListen,
    ConfigError,
    EnvironmentFault,
    PluginError,
    SandboxUnavailable,
    UnknownPlugin,
    UnknownProvider,
)
from botcore.errors.people import (
    AccessRefused,
    AgainUnclear,
    AlreadyLinked,
    CodeTooLong,
    EmptyFile,
    EmptyText,
    ForbiddenCharacter,
    InputError,
    LimitError,
    LinkCodeWrong,
    LinkNotReady,
    LinkOver,
    LinkTriesUsedUp,
    NoProblemInPicture,
    NotDrawnYet,
    NotText,
    NotYours,
    OwnLinkCode,
    PictureNotYours,
    PictureOver,
    PicturesNotRead,
    PictureTooLarge,
    PictureUnreadable,
    RateLimited,
    TextTooLong,
    TextTooShort,
    TooManyJobs,
    UnknownChoice,
    UnknownCommand,
    UnknownLanguage,
    UnsupportedAttachment,
    UnsupportedFile,
    UnsupportedPicture,
    UnsupportedSound,
    UnsupportedVideo,
)
from botcore.errors.root import (
    BotcoreError,
    Handling,
    Param,
    error_classes,
    error_text,
    text_of,
)

__all__ = [
    "AccessRefused",
    "AgainUnclear",
    "AlreadyLinked",
    "AnswerWrong",
    "AttemptsFailed",
    "BotcoreError",
    "BudgetUsedUp",
    "CannotChange",
    "CannotListen",
    "CodeTooLong",
    "ConfigError",
    "ConversationClosed",
    "DataDirInUse",
    "DeliveryError",
    "DeliveryRejected",
    "DeliveryUnavailable",
    "DeliveryUncertain",
    "EmptyFile",
    "EmptyText",
    "EnvironmentFault",
    "ForbiddenCharacter",
    "Handling",
    "IllegalMove",
    "InputError",
    "JobCancelled",
    "JobError",
    "JobTimeout",
    "LayoutPoor",
    "LimitError",
    "LinkCodeWrong",
    "LinkNotReady",
    "LinkOver",
    "LinkTriesUsedUp",
    "MediaRejected",
    "MediaTooLarge",
    "NoProblemInPicture",
    "NoSuchVideo",
    "NotDrawnYet",
    "NotFound",
    "NotText",
    "NotYours",
    "ObjectMissing",
    "OwnLinkCode",
    "Param",
    "PictureNotYours",
    "PictureOver",
    "PictureTooLarge",
    "PictureUnreadable",
    "PicturesNotRead",
    "PluginError",
    "ProviderAbstained",
    "ProviderBudgetUsedUp",
    "ProviderError",
    "ProviderMisconfigured",
    "ProviderRefused",
    "ProviderResting",
    "ProviderTooSlow",
    "ProviderUnavailable",
    "ProvidersExhausted",
    "RateLimited",
    "RenderCrashed",
    "RenderError",
    "RenderMemoryExceeded",
    "RenderOutputFlood",
    "RenderTimeout",
    "RendererUnavailable",
    "SandboxUnavailable",
    "SceneFailed",
    "SceneMissing",
    "SourceError",
    "SourceInvalid",
    "SourceSyntaxError",
    "StateError",
    "StoreError",
    "StoreFull",
    "StoreMisconfigured",
    "StoreUnavailable",
    "Superseded",
    "TextTooLong",
    "TextTooShort",
    "TooManyJobs",
    "UnknownChoice",
    "UnknownCommand",
    "UnknownLanguage",
    "UnknownPerson",
    "UnknownPlugin",
    "UnknownProvider",
    "UnsupportedAttachment",
    "UnsupportedFile",
    "UnsupportedPicture",
    "UnsupportedSound",
    "UnsupportedVideo",
    "VideoDeleted",
    "VideoExpired",
    "VideoInvalid",
    "VideoMissing",
    "VideoSeen",
    "VideoTooLarge",
    "WorkerLost",
    "error_classes",
    "error_text",
    "text_of",
]
