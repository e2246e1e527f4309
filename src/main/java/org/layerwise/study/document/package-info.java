/** A study as people save it: what it holds, its file, and the copies that survive a crash. */
@NullMarked
package org.layerwise.study.document;

import org.jspecify.annotations.NullMarked;
