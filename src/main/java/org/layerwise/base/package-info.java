/**
 * Classes that every other package may use: progress and cancellation of long work, errors that a user can cause,
 * numbers as text. Does not depend on tensors, models or windows.
 */
@NullMarked
package org.layerwise.base;

import org.jspecify.annotations.NullMarked;
