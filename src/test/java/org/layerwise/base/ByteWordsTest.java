package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteWordsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1, 1 byte",
        "1023, 1023 bytes",
        "1024, 1.0 kB",
        "15360, 15 kB",
        "1048575, 1.0 MB",
        "1288490189, 1.2 GB",
        "9223372036854775807, 8388608 TB"
    })
    void spellsBytes(long bytes, String words) {
        assertThat(ByteWords.of(bytes)).isEqualTo(words);
    }
}
