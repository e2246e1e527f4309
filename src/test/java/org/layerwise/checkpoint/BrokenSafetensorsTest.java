package org.layerwise.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;

/** Every way in which a file can be broken gives one sentence that names the file and the thing. */
class BrokenSafetensorsTest {

    @TempDir
    Path folder;

    @Test
    void missingFile() {
        assertThat(refusal(folder.resolve("absent.safetensors"))).contains("There is no file", "absent.safetensors");
    }

    @Test
    void folderInsteadOfFile() {
        assertThat(refusal(folder)).contains("is a folder; name a file");
    }

    @Test
    void emptyFile() throws IOException {
        assertThat(refuse(new byte[0])).contains("0 bytes, too few");
    }

    @Test
    void shorterThanTheHeadersLength() throws IOException {
        assertThat(refuse(new byte[7])).contains("7 bytes, too few");
    }

    @Test
    void headerLongerThanFile() throws IOException {
        assertThat(refuse(withLength(1000, "{}"))).contains("header of 1000 bytes is longer than the file of 10 bytes");
    }

    @Test
    void aPointerOfGitLfs() throws IOException {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
        assertThat(refuse(pointer.getBytes(StandardCharsets.UTF_8))).contains("pointer of Git LFS", "git lfs pull");
    }

    @Test
    void absurdHeaderLength() throws IOException {
        assertThat(refuse(withLength(100_000_001, "{}"))).contains("claims a header of 100000001 bytes");
    }

    @Test
    void headerLengthAboveTwoToThe63() throws IOException {
        assertThat(refuse(withLength(-1, "{}"))).contains("claims a header of 18446744073709551615 bytes");
    }

    @Test
    void headerNotJson() throws IOException {
        assertThat(refuse("{\"w\": oops}", 0)).contains("header is not JSON");
    }

    @Test
    void headerOnlyBlanks() throws IOException {
        assertThat(refuse("        ", 0)).contains("header is not a JSON object");
    }

    @Test
    void headerWithTextBehind() throws IOException {
        assertThat(refuse("{} {}", 0)).contains("header is not JSON");
    }

    @Test
    void headerNotAnObject() throws IOException {
        assertThat(refuse("[1, 2]", 0)).contains("header is not a JSON object");
    }

    @Test
    void headerNotUtf8() throws IOException {
        byte[] latin = "{\"\u00e9\":1}".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(refusal(write(folder, latin, new byte[0]))).contains("header is not UTF-8");
    }

    @Test
    void headerNestedWithoutEnd() throws IOException {
        assertThat(refuse("{\"w\":" + "[".repeat(100_000), 0)).contains("header is not JSON");
    }

    @Test
    void repeatedName() throws IOException {
        String w = entry("w", "F32", "[1]", "[0,4]");
        assertThat(refuse("{" + w + "," + w + "}", 4)).contains("header is not JSON", "w");
    }

    @Test
    void unknownDtype() throws IOException {
        assertThat(refuse("{" + entry("w", "F4", "[4]", "[0,4]") + "}", 4))
                .contains("tensor 'w' has the dtype 'F4'", "BF16");
    }

    @Test
    void missingDtype() throws IOException {
        assertThat(refuse("{\"w\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4)).contains("tensor 'w' has no dtype");
    }

    @Test
    void entryNotAnObject() throws IOException {
        assertThat(refuse("{\"w\":3}", 4)).contains("tensor 'w' has no dtype");
    }

    @Test
    void missingShape() throws IOException {
        assertThat(refuse("{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4))
                .contains("tensor 'w' has no shape");
    }

    @Test
    void missingOffsets() throws IOException {
        assertThat(refuse("{\"w\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4)).contains("tensor 'w' has no data_offsets");
    }

    @Test
    void threeOffsets() throws IOException {
        assertThat(refuse("{" + entry("w", "F32", "[1]", "[0,4,8]") + "}", 4)).contains("3 data_offsets");
    }

    @Test
    void fractionalDimension() throws IOException {
        assertThat(refuse("{" + entry("w", "F32", "[1.5]", "[0,4]") + "}", 4)).contains("1.5 in its shape");
    }

    @Test
    void dimensionBeyondLong() throws IOException {
        assertThat(refuse("{" + entry("w", "F32", "[99999999999999999999]", "[0,4]") + "}", 4))
                .contains("99999999999999999999 in its shape");
    }

    @Test
    void negativeDimension() throws IOException {
        assertThat(refuse("{" + entry("w", "F32", "[-1,-1]", "[0,4]") + "}", 4)).contains("negative dimension -1");
    }

    @Test
    void negativeOffset() throws IOException {
        assertThat(refuse("{" + entry("w", "F32", "[1]", "[-4,0]") + "}", 4)).contains("negative data offset -4");
    }

    @Test
    void beginsAfterItsEnd() throws IOException {
        assertThat(refuse("{" + entry("w", "F32", "[1]", "[4,0]") + "}", 4))
                .contains("begins at offset 4, after its end at 0");
    }

    @Test
    void outOfRange() throws IOException {
        assertThat(refuse("{" + entry("w", "F32", "[1]", "[4000,4004]") + "}", 4))
                .contains("tensor 'w' ends at offset 4004", "only 4 bytes");
    }

    @Test
    void offsetsNearTheLargestLong() throws IOException {
        String range = "[%s,%s]".formatted(Long.MAX_VALUE - 4, Long.MAX_VALUE);
        assertThat(refuse("{" + entry("w", "F32", "[1]", range) + "}", 4))
                .contains("ends at offset 9223372036854775807");
    }

    @Test
    void truncatedData() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("bert/model.safetensors"));
        assertThat(refuse(Arrays.copyOf(whole, whole.length - 1))).contains("tensor 'classifier.weight'", "truncated");
    }

    @Test
    void shapeNeedsMoreThanTheRange() throws IOException {
        assertThat(refuse("{" + entry("w", "F32", "[2]", "[0,4]") + "}", 4))
                .contains("tensor 'w' of type F32 and shape [2] takes 8 bytes, but its data_offsets give it 4");
    }

    @Test
    void scalarWithRangeOfTwo() throws IOException {
        assertThat(refuse("{" + entry("w", "I16", "[]", "[0,4]") + "}", 4)).contains("takes 2 bytes");
    }

    @Test
    void shapeThatOverflows() throws IOException {
        // 2^62 * 4 elements is 0 in 64 bits
        assertThat(refuse("{" + entry("w", "U8", "[4611686018427387904,4]", "[0,0]") + "}", 0))
                .contains("tensor 'w' has the impossible shape");
    }

    @Test
    void sizeThatOverflows() throws IOException {
        assertThat(refuse("{" + entry("w", "F32", "[4611686018427387905]", "[0,4]") + "}", 4))
                .contains("tensor 'w' has the impossible shape");
    }

    @Test
    void overlap() throws IOException {
        assertThat(refuse("{" + entry("a", "F32", "[2]", "[0,8]") + "," + entry("b", "F32", "[1]", "[4,8]") + "}", 8))
                .contains("tensor 'b' begins at offset 4, inside another tensor");
    }

    @Test
    void sameRangeTwice() throws IOException {
        assertThat(refuse("{" + entry("a", "F32", "[1]", "[0,4]") + "," + entry("b", "F32", "[1]", "[0,4]") + "}", 4))
                .contains("tensor 'b' begins at offset 0, inside another tensor");
    }

    @Test
    void holeBetweenTensors() throws IOException {
        assertThat(refuse("{" + entry("a", "F32", "[1]", "[0,4]") + "," + entry("b", "F32", "[1]", "[8,12]") + "}", 12))
                .contains("tensor 'b' begins at offset 8, but the data before it ends at 4");
    }

    @Test
    void holeBeforeTheFirst() throws IOException {
        assertThat(refuse("{" + entry("a", "F32", "[1]", "[4,8]") + "}", 8))
                .contains("tensor 'a' begins at offset 4, but the data before it ends at 0");
    }

    @Test
    void dataOfNoTensorAtTheEnd() throws IOException {
        assertThat(refuse("{" + entry("a", "F32", "[1]", "[0,4]") + "}", 6))
                .contains("last 2 bytes belong to no tensor");
    }

    @Test
    void metadataNotTexts() throws IOException {
        assertThat(refuse("{\"__metadata__\":{\"format\":1}}", 0)).contains("__metadata__ is not an object of texts");
        assertThat(refuse("{\"__metadata__\":[]}", 0)).contains("__metadata__ is not an object of texts");
    }

    @Test
    void metadataTwice() throws IOException {
        assertThat(refuse("{\"__metadata__\":{},\"__metadata__\":{}}", 0)).contains("header is not JSON");
    }

    @Test
    void headerInAnotherEncoding() throws IOException {
        byte[] wide = "{}".getBytes(StandardCharsets.UTF_16BE);
        assertThat(refusal(write(folder, wide, new byte[0]))).contains("header is not JSON");
    }

    @Test
    void moreDimensionsThanAnyTensorHas() throws IOException {
        String shape = "[1" + ",1".repeat(64) + "]";
        assertThat(refuse("{" + entry("w", "F32", shape, "[0,4]") + "}", 4))
                .contains("tensor 'w' has more than 64 numbers in its shape");
    }

    @Test
    void aLongNameIsNotRepeatedInFull() throws IOException {
        assertThat(refuse("{" + entry("w".repeat(10_000), "F32", "[1]", "[0,8]") + "}", 8))
                .hasSizeLessThan(1000);
    }

    static Path write(Path folder, byte[] header, byte[] data) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header).put(data);
        return Files.write(folder.resolve("test.safetensors"), bytes.array());
    }

    private static String entry(String name, String type, String shape, String range) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(name, type, shape, range);
    }

    private static byte[] withLength(long length, String header) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(text)
                .array();
    }

    private String refuse(String header, int dataBytes) throws IOException {
        return refusal(write(folder, header.getBytes(StandardCharsets.UTF_8), new byte[dataBytes]));
    }

    private String refuse(byte[] wholeFile) throws IOException {
        return refusal(Files.write(folder.resolve("test.safetensors"), wholeFile));
    }

    /** The message, which must name the file and be one line that ends like a sentence. */
    private static String refusal(Path file) {
        UserException refused = catchThrowableOfType(UserException.class, () -> SafetensorsFile.open(file));
        assertThat(refused).isNotNull();
        assertThat(refused.getMessage()).contains(file.toString()).endsWith(".").doesNotContain("\n");
        return refused.getMessage();
    }
}
