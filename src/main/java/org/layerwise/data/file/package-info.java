/**
 * Data files and sample tasks as rows. The only package that uses DuckDB. Start with {@link
 * org.layerwise.data.file.DatasetReader}.
 */
@NullMarked
package org.layerwise.data.file;

import org.jspecify.annotations.NullMarked;
