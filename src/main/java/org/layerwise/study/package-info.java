/** What a user works on and saves, and the use cases that the window and the command line share. */
@NullMarked
package org.layerwise.study;

import org.jspecify.annotations.NullMarked;
