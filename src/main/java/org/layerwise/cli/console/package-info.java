/** Output, progress, questions and cancellation in a terminal. */
@NullMarked
package org.layerwise.cli.console;

import org.jspecify.annotations.NullMarked;
