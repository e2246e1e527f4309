/** Studies as documents: contents of a study, its file, and recovery copies that survive a crash. */
@NullMarked
package org.layerwise.study.document;

import org.jspecify.annotations.NullMarked;
