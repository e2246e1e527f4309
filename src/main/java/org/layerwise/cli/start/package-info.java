/** Work before the first command: log files, native libraries, and the deletion of what killed processes left. */
@NullMarked
package org.layerwise.cli.start;

import org.jspecify.annotations.NullMarked;
