/** Groups of flags that several commands have. */
@NullMarked
package org.layerwise.cli.option;

import org.jspecify.annotations.NullMarked;
