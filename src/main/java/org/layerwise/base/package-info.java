/**
 * What every other package may use: progress and cancellation of long work, errors that a user can cause, files that
 * are written whole or not at all, JSON. It knows nothing of tensors, models or windows.
 */
@NullMarked
package org.layerwise.base;

import org.jspecify.annotations.NullMarked;
