/** Writer of event files for TensorBoard. */
@NullMarked
package org.layerwise.run.tensorboard;

import org.jspecify.annotations.NullMarked;
