"""The 3D view: canvas and camera, visuals, tools. Importing it chooses vispy's Qt and OpenGL back ends."""

import vispy

# Before anything else of vispy is imported, or it would choose for itself.
vispy.use(app="pyside6", gl="gl2")
