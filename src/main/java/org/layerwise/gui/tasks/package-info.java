/** Long work: a queue on background threads, what runs and what waits, progress that never floods the window. */
@NullMarked
package org.layerwise.gui.tasks;

import org.jspecify.annotations.NullMarked;
