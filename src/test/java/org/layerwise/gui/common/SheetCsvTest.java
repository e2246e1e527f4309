package org.layerwise.gui.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SheetCsvTest {

    private static final String CSV = "layer,importance,low_end,note\n"
            + "0,,,\"It does not vary, \"\"at all\"\".\"\n"
            + "1,0.123456789012345,-1e-7,\n"
            + "2,0.9\n";

    @Test
    void allDigitsAndWordsAreKept() {
        Sheet sheet = SheetCsv.read(CSV);
        assertThat(sheet.columns())
                .extracting(Sheet.Column::title)
                .containsExactly("Layer", "Importance", "Low end", "Note");
        assertThat(sheet.columns()).extracting(Sheet.Column::number).containsExactly(true, true, true, false);
        assertThat(sheet.rows()).hasSize(3);
        assertThat(sheet.rows().get(0).get(1)).isEqualTo(new Sheet.Cell("", ""));
        assertThat(sheet.rows().get(0).get(3).exact()).isEqualTo("It does not vary, \"at all\".");
        assertThat(sheet.rows().get(1).get(1).shown()).isEqualTo("0.123456789012345");
        assertThat(sheet.rows().get(2).get(3)).isEqualTo(new Sheet.Cell("", ""));
        assertThat(SheetCsv.read(sheet.csv())).isEqualTo(sheet);
        assertThat(sheet.tsv()).contains("\n2\t0.9\t\t\n");
        assertThat(SheetCsv.read("")).isEqualTo(Sheet.empty());
        assertThat(SheetCsv.read("a,b\r\n1,2").rows()).hasSize(1);
    }

    @Test
    void aSummarySaysWhereTheEndsAre() {
        assertThat(SheetSummary.of(SheetCsv.read(CSV)))
                .isEqualTo("3 rows. Importance: lowest 0.123456789012345 (Layer 1), highest 0.9 (Layer 2)."
                        + " Low end: lowest -1e-7 (Layer 1), highest -1e-7 (Layer 1).");
        assertThat(SheetSummary.of(
                        SheetCsv.read("state,0,1,2,3,4,5,6\n0,1,0.5,0.2,0.3,0.4,1,1\n1,0.5,1,0.1,0.2,0.3,1,1\n")))
                .as("of a matrix")
                .isEqualTo("2 rows. Values: lowest 0.1 (State 1), highest 1 (State 0).");
        assertThat(SheetSummary.of(Sheet.empty())).isEqualTo("Nothing to show");
    }
}
