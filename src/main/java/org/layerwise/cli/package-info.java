/** Commands of the command line. Start with {@link org.layerwise.cli.Main}; each command is a class named after it. */
@NullMarked
package org.layerwise.cli;

import org.jspecify.annotations.NullMarked;
