/** Model card of an adapter. */
@NullMarked
package org.layerwise.study.card;

import org.jspecify.annotations.NullMarked;
