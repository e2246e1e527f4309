/** Event files as TensorBoard reads them. */
@NullMarked
package org.layerwise.study.tensorboard;

import org.jspecify.annotations.NullMarked;
