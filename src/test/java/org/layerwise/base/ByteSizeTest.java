package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1, 1 byte",
        "1023, 1023 bytes",
        "1024, 1.0 KiB",
        "15360, 15 KiB",
        "1048575, 1.0 MiB",
        "1288490189, 1.2 GiB",
        "9223372036854775807, 8388608 TiB"
    })
    void spellsBytes(long bytes, String words) {
        assertThat(ByteSize.of(bytes)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "5GB, 5000000000",
        "5 gb, 5000000000",
        "1.5MB, 1500000",
        "512MiB, 536870912",
        "200KB, 200000",
        "1kib, 1024",
        "2TB, 2000000000000",
        "17B, 17"
    })
    void readsSizes(String text, long bytes) {
        assertThat(ByteSize.parse(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "GB", "-1GB", "0MB", "0.1B", "5 bytes", "1e9B", "999999999TiB"})
    void refusesWhatIsNoSize(String text) {
        assertThat(ByteSize.parse(text)).isEmpty();
    }
}
