"""The examples that give no video here, each with its reason. None of them is a fault of typesetting."""

from __future__ import annotations

_TYPST = "needs the typst package (81 MB), an extra of manim that the plugin does not install"
_OPENGL = "uses classes of manim's OpenGL renderer that `from manim import *` does not export; no GPU inside"

UNRENDERABLE = {
    "manim.mobject.geometry.labeled:LabeledCountryExample": "downloads a map; the sandbox has no network",
    "manim.mobject.graph:CustomLayoutExample": "annotates with Any without importing it",
    "manim.mobject.opengl.opengl_mobject:DotInterpolation": _OPENGL,
    "manim.mobject.opengl.opengl_mobject:Example": _OPENGL,
    "manim.mobject.opengl.opengl_mobject:ShuffleSubmobjectsExample": _OPENGL,
    "manim.mobject.opengl.opengl_vectorized_mobject:AddToOpenGLVGroup": _OPENGL,
    "manim.mobject.opengl.opengl_vectorized_mobject:ArcShapeIris": _OPENGL,
    "manim.mobject.opengl.opengl_vectorized_mobject:DashedVMobjectExample": _OPENGL,
    "manim.mobject.text.typst_mobject:DisplayMath": _TYPST,
    "manim.mobject.text.typst_mobject:GroupedMath": _TYPST,
    "manim.mobject.text.typst_mobject:MathTypstReferenceExample": _TYPST,
    "manim.mobject.text.typst_mobject:MathTypstSelectionExample": _TYPST,
    "manim.mobject.text.typst_mobject:TypstExample": _TYPST,
    "manim.mobject.text.typst_mobject:TypstLabelSelectionExample": _TYPST,
    "manim.mobject.text.typst_mobject:TypstSelectExample": _TYPST,
    "manim.mobject.text.typst_mobject:TypstTextExample": _TYPST,
    "manim.mobject.text.typst_mobject:TypstTextReferenceExample": _TYPST,
    "manim.utils.docbuild.manim_directive:MyScene": "its construct is only `pass`: there is nothing to show",
}
