"""How the viewport looks: colours of the light and dark theme and the shading shared by all visuals.

Part colours come from `core.scene.palette`; this file holds everything else that has a colour on screen.
"""

from __future__ import annotations

from dataclasses import dataclass

Color = tuple[float, float, float]


@dataclass(frozen=True)
class Look:
    """Colours (sRGB, 0 to 1) and strengths of one theme.

    Attributes
    ----------
    sky, horizon : Color
        Background at the top and at the bottom of the picture.
    grid, shadow : Color
        Lines of the ground grid and the contact shadow under shapes.
    grid_strength, shadow_strength : float
    accent : Color
        Outline of selected parts.
    ambient : float
        Brightness of the light that comes from everywhere.
    """

    sky: Color
    horizon: Color
    grid: Color
    shadow: Color
    grid_strength: float
    shadow_strength: float
    accent: Color
    outline_hover: Color
    text: Color
    text_background: Color
    ambient: float


DARK = Look(
    sky=(0.205, 0.225, 0.260),
    horizon=(0.095, 0.105, 0.125),
    grid=(0.62, 0.68, 0.78),
    shadow=(0.0, 0.0, 0.0),
    grid_strength=0.16,
    shadow_strength=0.75,
    accent=(1.0, 1.0, 1.0),
    outline_hover=(0.72, 0.80, 0.92),
    text=(0.93, 0.95, 0.98),
    text_background=(0.07, 0.08, 0.10),
    ambient=0.92,
)

LIGHT = Look(
    sky=(0.975, 0.980, 0.990),
    horizon=(0.830, 0.850, 0.885),
    grid=(0.30, 0.35, 0.43),
    shadow=(0.10, 0.13, 0.20),
    grid_strength=0.17,
    shadow_strength=0.42,
    accent=(0.11, 0.13, 0.42),
    outline_hover=(0.38, 0.42, 0.52),
    text=(0.10, 0.12, 0.15),
    text_background=(1.0, 1.0, 1.0),
    ambient=1.12,
)

AXIS_COLORS: tuple[Color, Color, Color] = ((0.93, 0.29, 0.33), (0.45, 0.75, 0.22), (0.26, 0.55, 0.96))
"""x, y and z in gizmos, after the usual red, green, blue."""

STUDIO = """
uniform vec3 u_right;
uniform vec3 u_up;
uniform vec3 u_back;
uniform float u_ambient;

vec3 to_linear(vec3 color) { return pow(color, vec3(2.2)); }
vec3 to_display(vec3 color) {
    color = max(color, vec3(0.0));
    // A soft shoulder keeps highlights of bright parts from clipping to flat white.
    color = color * (1.0 + color * 0.10) / (1.0 + color * 0.32);
    return pow(color, vec3(1.0 / 2.2));
}

// Key, fill and rim light move with the camera so that no view is badly lit; the hemispheric ambient stays
// with the scene so that up remains readable. All in linear light. Powers are products: they run per pixel.
vec3 studio(vec3 base, vec3 normal, vec3 to_eye, float gloss) {
    vec3 key = normalize(-0.55 * u_right + 0.80 * u_up + 0.62 * u_back);
    vec3 fill = normalize(0.85 * u_right + 0.10 * u_up + 0.55 * u_back);
    float sky = 0.5 + 0.5 * normal.y;
    vec3 ambient = u_ambient * mix(vec3(0.20, 0.19, 0.19), vec3(0.46, 0.48, 0.52), sky);
    float key_amount = max(0.0, (dot(normal, key) + 0.18) / 1.18);
    float fill_amount = max(0.0, (dot(normal, fill) + 0.30) / 1.30);
    vec3 light = ambient + vec3(0.98, 0.95, 0.91) * key_amount + vec3(0.20, 0.23, 0.28) * fill_amount;
    float away = 1.0 - max(0.0, dot(normal, to_eye));
    float rim = away * away * away * away * (0.35 + 0.65 * sky);
    float shine = max(0.0, dot(normal, normalize(key + to_eye)));
    shine *= shine;
    shine *= shine;
    shine *= shine;
    shine *= shine;
    shine *= shine;
    return base * light + gloss * (vec3(0.22) * shine + vec3(0.22, 0.24, 0.28) * rim);
}
"""
"""GLSL: `to_linear`, `to_display` and `studio`, with the camera uniforms that they use."""
