/** The main job of the program on its sample model: analysis, selection, two trainings and their comparison. */
@NullMarked
package org.layerwise.study.demo;

import org.jspecify.annotations.NullMarked;
