/** Tests of study files. */
@NullMarked
package org.layerwise.study.document;

import org.jspecify.annotations.NullMarked;
