/** Writer of event files for TensorBoard. */
@NullMarked
package org.layerwise.study.tensorboard;

import org.jspecify.annotations.NullMarked;
