/** Tests of studies as documents, without a toolkit. */
@NullMarked
package org.layerwise.gui.study;

import org.jspecify.annotations.NullMarked;
