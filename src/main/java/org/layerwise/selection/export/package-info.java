/** A selection as files for those who train elsewhere: scripts and settings of other tools, as their schemas want them. */
@NullMarked
package org.layerwise.selection.export;

import org.jspecify.annotations.NullMarked;
