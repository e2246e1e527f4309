/** Command line: the commands, their flags, and their output as text and JSON. */
@NullMarked
package org.layerwise.cli;

import org.jspecify.annotations.NullMarked;
