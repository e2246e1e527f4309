/** Long work: a queue on background threads, the lists of running and waiting work, and progress at a limited rate. */
@NullMarked
package org.layerwise.gui.tasks;

import org.jspecify.annotations.NullMarked;
