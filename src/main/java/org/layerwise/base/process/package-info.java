/** Child processes: other programs, and this program in a process of its own. */
@NullMarked
package org.layerwise.base.process;

import org.jspecify.annotations.NullMarked;
