package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.layerwise.data.DataFixtures.refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.DataFixtures;

/** DuckDB reads decimals of more than 38 digits as floating-point numbers, and most of them wrongly. */
class ParquetSchemaTest {

    private static final String ROWS = "SELECT 'fine' AS text, 4.25::DECIMAL(38,5) AS label, 1 AS class";

    @TempDir
    Path folder;

    @Test
    void labelsOfMoreThan38DigitsAreRefused() throws IOException {
        Path file = wide("a.parquet", ROWS);

        assertThatThrownBy(() -> DataFixtures.read(file))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Column \"label\" of %s holds decimals of up to 45 digits, and at most 38 are read; write it as decimal(38, …) or float64.",
                        file);
    }

    @Test
    void tokensOfMoreThan38DigitsAreRefused() throws IOException {
        refused(wide("a.parquet", "SELECT [7::DECIMAL(38,5)] AS input_ids, 1 AS label"), "\"input_ids\"", "45 digits");
        refused(
                wide("b.parquet", "SELECT [7] AS input_ids, [1::DECIMAL(38,5)] AS attention_mask"),
                "\"attention_mask\"",
                "45 digits");
    }

    @Test
    void wideDecimalsThatAreNotUsedDoNotMatter() throws IOException {
        Path file = wide("a.parquet", ROWS);

        assertThat(DataFixtures.read(file, ColumnMapping.parse("text", "class"), null)
                        .texts())
                .containsExactly("fine");
    }

    @Test
    void columnWithTheNameOfTheRowNumbersIsRefused() {
        for (String name : new String[] {"file_row_number", "File_Row_Number"}) {
            Path file = DataFixtures.parquet(folder, "a.parquet", "SELECT 'fine' AS text, 7 AS " + name);

            refused(file, "a.parquet has a column named \"" + name + "\"", "rename it");
        }
    }

    @Test
    void numbersInAnEncodingThatDuckDbLacksAreToldPlainly() {
        SQLException thrown = new SQLException(
                "Invalid Error: BYTE_STREAM_SPLIT encoding is only supported for FLOAT or DOUBLE data");

        assertThat(DuckDb.reason(thrown))
                .isEqualTo(
                        "the encoding BYTE_STREAM_SPLIT is read for float32 and float64 alone; write the other columns without it");
    }

    @Test
    void decimalsOf38DigitsAreRead() {
        Path file = DataFixtures.parquet(folder, "a.parquet", ROWS);

        assertThat(DataFixtures.read(file).labels().text(0)).isEqualTo("4.25");
    }

    /** Writes a file whose decimals of 38 digits are stated to have 45. */
    private Path wide(String name, String query) throws IOException {
        HexFormat hex = HexFormat.of();
        byte[] bytes = Files.readAllBytes(DataFixtures.parquet(folder, name, query));
        String stated = hex.formatHex(bytes).replace("150a154c", "150a155a"); // scale and precision
        return Files.write(folder.resolve(name), hex.parseHex(stated));
    }
}
