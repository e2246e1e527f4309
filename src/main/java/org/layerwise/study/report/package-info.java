/** Texts about results for people: the methods paragraph with its references, and the model card of an adapter. */
@NullMarked
package org.layerwise.study.report;

import org.jspecify.annotations.NullMarked;
