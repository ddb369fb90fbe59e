"""Images as DSPy gets them and as models give them: an http or https URL, or the image itself in a data URI."""

import uuid
from typing import Any
from weakref import WeakValueDictionary

import dspy

from dspy_worker.contracts.messages import (
    ConstrainedType,
    DictType,
    FieldType,
    ListType,
    ObjectType,
    OptionalType,
    SignatureField,
    UnionType,
)
from dspy_worker.runtime.values.formats import is_image

IMAGE_RULE = "the http or https URL of an image, or a data URI with a PNG, JPEG, WebP or GIF image in base64"


# What stands for image data in a prompt, by the URL that it has there.
_stand_ins: "WeakValueDictionary[str, ImageReference]" = WeakValueDictionary()


class ImageReference(dspy.Image):  # type: ignore[misc]
    """An image that is only told of: DSPy neither opens files nor fetches addresses for it.

    Image data would go through DSPy's prompt as text. Of 10 MiB that takes two seconds, half of it in one search that
    lets no other thread run, and DSPy would keep it in memory. So a short stand-in goes through, and `sent_url` puts
    the data in its place.
    """

    def format(self) -> list[dict[str, Any]]:
        """Returns the part of a chat message that is the image."""
        url = self.url
        if url.startswith("data:"):
            url = f"image:{uuid.uuid4().hex}"
            _stand_ins[url] = self
        return [{"type": "image_url", "image_url": {"url": url}}]


def sent_url(url: str) -> str:
    """Returns the URL of an image as it is sent to a model, given the one that it has in the prompt."""
    reference = _stand_ins.get(url)
    return url if reference is None else str(reference.url)


def with_images(field: SignatureField, value: Any) -> Any:  # noqa: ANN401 - any input
    """Returns an input as DSPy wants it: with an image in the place of each text that stands for one."""
    return _with_images(field.type, value)


def has_image(value: Any) -> bool:  # noqa: ANN401
    """Tells whether a value for DSPy is an image, or has one in it."""
    if isinstance(value, dict):
        return any(map(has_image, value.values()))
    return isinstance(value, dspy.Image) or (isinstance(value, list) and any(map(has_image, value)))


def image_text(value: Any) -> str | None:  # noqa: ANN401
    """Returns the text if it stands for an image, else None."""
    text = value.strip() if isinstance(value, str) else ""
    return text if is_image(text) else None


def _with_images(field_type: FieldType, value: Any) -> Any:  # noqa: ANN401, PLR0911 - one return for each kind of type
    match field_type:
        case "image" if isinstance(value, str):
            return ImageReference(value)
        case OptionalType() | ConstrainedType():
            return _with_images(field_type.of, value)
        case ListType() if isinstance(value, list):
            return [_with_images(field_type.items, item) for item in value]
        case DictType() if isinstance(value, dict):
            return {name: _with_images(field_type.values, item) for name, item in value.items()}
        case ObjectType() if isinstance(value, dict):
            types = {member.name: member.type for member in field_type.fields}
            return {name: _with_images(types[name], item) if name in types else item for name, item in value.items()}
        case UnionType() if "image" in field_type.members and image_text(value) is not None:
            return ImageReference(value)
    return value
