/**
 * Exports a selection for training with other tools: scripts and configurations that follow the schemas of these tools.
 */
@NullMarked
package org.layerwise.selection.export;

import org.jspecify.annotations.NullMarked;
