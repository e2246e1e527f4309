/** Results of commands as tables and lines of text. */
@NullMarked
package org.layerwise.cli.report;

import org.jspecify.annotations.NullMarked;
