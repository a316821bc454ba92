"""GLSL of the surface of a shape: lit surface, outline of highlighted parts, seams between parts."""

from app.viewport.look import STUDIO
from app.viewport.part_table import PART_TABLE

MOVE = (
    PART_TABLE
    + """
uniform mat4 u_view_projection;
uniform vec3 u_place;
uniform mat4 u_moved;
uniform mat4 u_mirrored;

// The drag that is going on, applied to the parts it carries, then the shape's place in the scene.
vec3 in_scene(vec3 point, float moved) {
    vec4 here = vec4(point + u_place, 1.0);
    if (moved > 0.75) return (u_mirrored * here).xyz;
    if (moved > 0.25) return (u_moved * here).xyz;
    return here.xyz;
}
vec3 turned(vec3 normal, float moved) {
    mat4 matrix = moved > 0.75 ? u_mirrored : u_moved;
    if (moved < 0.25) return normal;
    vec3 a = matrix[0].xyz, b = matrix[1].xyz, c = matrix[2].xyz;
    // Cofactors: the inverse transpose up to a factor, right for scaling and mirroring too.
    vec3 result = normal.x * cross(b, c) + normal.y * cross(c, a) + normal.z * cross(a, b);
    return result * sign(dot(a, cross(b, c)));
}
"""
)

SURFACE_VERTEX = (
    MOVE
    + """
attribute vec3 a_position;
attribute vec3 a_normal;
attribute float a_row;
varying vec3 v_world;
varying vec3 v_normal;
varying vec3 v_base;
varying vec3 v_lift;
void main() {
    vec4 color = part_color(a_row);
    vec4 state = part_state(a_row);
    // Everything that is one value per part is worked out here, in linear light.
    vec3 base = pow(color.rgb, vec3(2.2));
    float lift = 0.09 * state.g + 0.05 * state.b;
    v_base = mix(base, vec3(1.0), lift) * (1.0 + 0.16 * state.r);
    v_lift = vec3(state.r * 0.030, state.g, state.b);
    v_world = in_scene(a_position, state.a);
    v_normal = turned(a_normal, state.a);
    gl_Position = color.a > 0.5 ? u_view_projection * vec4(v_world, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}
"""
)

SURFACE_FRAGMENT = (
    STUDIO
    + """
uniform vec3 u_eye;
uniform float u_orthographic;
uniform float u_alpha;
uniform float u_clear;
uniform float u_floor;
varying vec3 v_world;
varying vec3 v_normal;
varying vec3 v_base;
varying vec3 v_lift;
void main() {
    vec3 to_eye = mix(normalize(u_eye - v_world), u_back, u_orthographic);
    vec3 normal = normalize(v_normal);
    float facing = dot(normal, to_eye);
    bool inside = facing < -0.25;
    if (facing < 0.0) { normal = -normal; facing = -facing; }
    vec3 lit = studio(v_base, normal, to_eye, 1.0);
    if (inside) lit *= 0.55;
    // Less of the sky reaches what is close to the floor.
    lit *= 0.80 + 0.20 * smoothstep(0.0, 0.35, v_world.y - u_floor);
    float away = 1.0 - facing;
    lit += v_lift.x + (0.30 * v_lift.y + 0.14 * v_lift.z) * away * away;
    // Seen through: faces turned to the eye are thin, and marked parts are thicker.
    float thin = 0.10 + 0.55 * away * away * away + 0.30 * v_lift.y + 0.12 * v_lift.z;
    gl_FragColor = vec4(to_display(lit), u_alpha * mix(1.0, thin, u_clear));
}
"""
)

OUTLINE_VERTEX = (
    MOVE
    + """
uniform vec2 u_viewport;
uniform float u_grown;
attribute vec3 a_position;
attribute vec3 a_normal;
attribute float a_row;
varying float v_selected;
void main() {
    vec4 color = part_color(a_row);
    vec4 state = part_state(a_row);
    v_selected = max(state.g, 0.6 * state.b);
    float width = state.g > 0.5 ? 2.4 : (state.r > 0.5 || state.b > 0.5 ? 1.6 : 0.0);
    if (color.a < 0.5 || width == 0.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    vec4 clip = u_view_projection * vec4(in_scene(a_position, state.a), 1.0);
    vec2 direction = (u_view_projection * vec4(turned(a_normal, state.a), 0.0)).xy * u_viewport;
    float size = length(direction);
    if (size > 1e-6) clip.xy += direction / size * (2.0 * width * u_grown / u_viewport) * clip.w;
    // Not grown it stands before its own back faces, and behind the seams.
    clip.z -= 0.0008 * (1.0 - u_grown) * clip.w;
    gl_Position = clip;
}
"""
)

SEAM_VERTEX = (
    MOVE
    + """
uniform vec2 u_viewport;
attribute vec3 a_position;
attribute vec3 a_other;
attribute float a_side;
attribute vec2 a_rows;
varying float v_selected;
void main() {
    vec4 first = part_state(a_rows.x);
    vec4 second = part_state(a_rows.y);
    bool select = (first.g > 0.5) != (second.g > 0.5);
    bool hover = (first.r > 0.5) != (second.r > 0.5) || (first.b > 0.5) != (second.b > 0.5);
    // A seam between a carried part and one that stays is torn open; its line would cross thin air.
    bool torn = abs(first.a - second.a) > 0.1;
    bool drawn = part_color(a_rows.x).a > 0.5 && part_color(a_rows.y).a > 0.5;
    if (!(select || hover) || torn || !drawn) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
    v_selected = select ? 1.0 : 0.0;
    vec4 here = u_view_projection * vec4(in_scene(a_position, first.a), 1.0);
    vec4 there = u_view_projection * vec4(in_scene(a_other, first.a), 1.0);
    vec2 along = (there.xy / there.w - here.xy / here.w) * u_viewport;
    float size = length(along);
    vec2 across = size > 1e-6 ? vec2(-along.y, along.x) / size : vec2(0.0);
    float width = select ? 1.3 : 0.9;
    vec2 shift = (across * a_side - (size > 1e-6 ? along / size * 0.5 : vec2(0.0))) * width;
    here.xy += shift * 2.0 / u_viewport * here.w;
    here.z -= 0.0012 * here.w;
    gl_Position = here;
}
"""
)

LINE_FRAGMENT = """
uniform vec3 u_accent;
uniform vec3 u_hover;
varying float v_selected;
void main() { gl_FragColor = vec4(mix(u_hover, u_accent, v_selected), 1.0); }
"""
