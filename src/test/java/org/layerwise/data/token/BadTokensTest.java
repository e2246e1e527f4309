package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.layerwise.data.DataFixtures.refused;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.Dataset;

/** Every way in which pre-tokenised rows can be wrong: one clear line that names the row. */
class BadTokensTest {

    @TempDir
    Path folder;

    @Test
    void emptyRowOfTokens() {
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1]}\n{\"input_ids\":[]}\n"),
                "Row 2",
                "no tokens");
    }

    @Test
    void tokensThatAreNoWholeNumbers() {
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1]}\n{\"input_ids\":[1.5]}\n"),
                "Row 2",
                "input_ids");
        refused(DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1, null]}\n"), "Row 1", "input_ids");
        refused(DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":\"7\"}\n"), "Row 1", "input_ids");
        refused(DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1]}\n{\"text\":\"a\"}\n"), "Row 2", "input_ids");
    }

    @Test
    void listsOfOtherLengthThanTheTokens() {
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1,2],\"labels\":[1]}\n"),
                "Row 1",
                "1 labels for 2 input_ids");
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1,2],\"token_type_ids\":[0,0,0]}\n"),
                "3 token_type_ids for 2 input_ids");
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1,2],\"attention_mask\":[1]}\n"),
                "1 attention_mask for 2 input_ids");
    }

    @Test
    void tokenLabelsThatAreNotLists() {
        refused(
                DataFixtures.write(
                        folder,
                        "a.jsonl",
                        "{\"input_ids\":[1,2],\"labels\":[1,2]}\n{\"input_ids\":[3],\"labels\":3}\n"),
                "Row 2",
                "labels");
    }

    /** Read as one text, they would change every hidden state without a word. */
    @Test
    void packedTexts() {
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1,2,3],\"attention_mask\":[1,1,2]}\n"),
                "Row 1 of",
                "has 2 in attention_mask");
        refused(
                DataFixtures.write(folder, "b.jsonl", "{\"input_ids\":[1,2,3],\"position_ids\":[0,1,0]}\n"),
                "Row 1 of",
                "has position_ids other than 0, 1, 2, …");
        assertThat(DataFixtures.read(DataFixtures.write(
                                folder,
                                "c.jsonl",
                                "{\"input_ids\":[1,2],\"attention_mask\":[1,1],\"position_ids\":[0,1]}\n"))
                        .size())
                .isEqualTo(1);
    }

    @Test
    void paddedRows() {
        refused(
                DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1,0],\"attention_mask\":[1,0]}\n"),
                "Row 1",
                "padded");
    }

    @Test
    void tokenOutsideTheVocabulary() {
        Path file = DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1,2]}\n{\"input_ids\":[3,99]}\n");
        Dataset data = DataFixtures.read(file);

        assertThat(TokenizedDataset.of(data, 100, 2, 2).size()).isEqualTo(2);
        assertThatThrownBy(() -> TokenizedDataset.of(data, 99, 2, 2))
                .isInstanceOf(UserException.class)
                .hasMessage("Token id 99 in row 2 of %s is outside the model's vocabulary (0 to 98).", file);
        Path negative = DataFixtures.write(folder, "b.jsonl", "{\"input_ids\":[-1]}\n");
        assertThatThrownBy(() -> TokenizedDataset.of(DataFixtures.read(negative), 99, 2, 2))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Token id -1 in row 1");
    }

    @Test
    void tokenTypeOutsideTheSegments() {
        String first = "{\"input_ids\":[1,2],\"token_type_ids\":[0,1]}\n";
        for (int type : new int[] {2, -1}) {
            Path file = DataFixtures.write(
                    folder, "a.jsonl", first + "{\"input_ids\":[3],\"token_type_ids\":[%s]}\n".formatted(type));
            Dataset data = DataFixtures.read(file);

            assertThatThrownBy(() -> TokenizedDataset.of(data, 9, 9, 2))
                    .isInstanceOf(UserException.class)
                    .hasMessage(
                            "Token type %s in row 2 of %s is outside the model's segments (0 to 1); mend its token_type_ids.",
                            type, file);
            // a family without segments never looks at them
            assertThat(TokenizedDataset.of(data, 9, 9, 0).size()).isEqualTo(2);
        }
    }

    @Test
    void rowLongerThanThePositions() {
        Path file = DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[1]}\n{\"input_ids\":[3,4,5]}\n");

        assertThatThrownBy(() -> TokenizedDataset.of(DataFixtures.read(file), 99, 2, 2))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Row 2 of " + file)
                .hasMessageContaining("3 tokens")
                .hasMessageContaining("2 positions");
    }
}
