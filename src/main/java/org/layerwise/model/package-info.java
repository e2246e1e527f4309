/** Transformer models, whose families are configurations of general parts. */
@NullMarked
package org.layerwise.model;

import org.jspecify.annotations.NullMarked;
