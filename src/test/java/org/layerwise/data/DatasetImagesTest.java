package org.layerwise.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.data.image.ImageSource;

class DatasetImagesTest {

    private static final ColumnMapping WITH_IMAGE = ColumnMapping.DEFAULTS.withImage("image");

    @TempDir
    Path folder;

    private byte[] png;

    @BeforeEach
    void image() throws IOException {
        png = ImageFixtures.png(3, 2, 0xFF0000);
        Files.createDirectory(folder.resolve("photos"));
        Files.write(folder.resolve("photos/a.png"), png);
    }

    @Test
    void pathsBesideTheDataFile() {
        Path absolute = folder.resolve("photos/a.png").toAbsolutePath();
        Path file = DataFixtures.write(
                folder, "d.csv", "text,label,image\nfine,1,photos/a.png\nbad,0,%s\n".formatted(absolute));

        Dataset data = read(file);

        assertThat(data.texts()).containsExactly("fine", "bad");
        assertThat(data.images())
                .containsExactly(
                        new ImageSource.InFile(folder.resolve("photos/a.png")), new ImageSource.InFile(absolute));
        assertThat(data.images().get(0).read("It")).isEqualTo(png);
        assertThat(data.images().get(0).text()).isEqualTo("a.png");
        assertThat(data.row(0)).isEqualTo(new Dataset.Row("fine", null, "1"));
    }

    @Test
    void neverGuessed() {
        Path file = DataFixtures.write(folder, "d.csv", "text,label,image\nfine,1,photos/none.png\n");

        assertThat(DataFixtures.read(file).images()).isNull();
    }

    @Test
    void huggingFacesBytesAndPath() {
        Dataset data = read(
                parquet(
                        "SELECT * FROM (VALUES ('fine', {'bytes': %1$s, 'path': 'x/b.png'}), ('bad', {'bytes': NULL, 'path': 'photos/a.png'})) t(text, image)"));

        assertThat(data.images())
                .containsExactly(
                        new ImageSource.InCell("b.png", png), new ImageSource.InFile(folder.resolve("photos/a.png")));
    }

    @Test
    void bytesOfParquet() {
        Dataset data = read(parquet("SELECT 'fine' AS text, %1$s AS image"));

        assertThat(data.images()).containsExactly(new ImageSource.InCell("", png));
        assertThat(data.images().get(0).text()).isEqualTo("image of %s bytes".formatted(png.length));
    }

    @Test
    void manyRowsOfParquetInOrder() {
        Path file = parquet("SELECT 'row ' || i AS text, (i || '')::BLOB AS image FROM range(1000) t(i)");

        Dataset data = read(file);
        Dataset some = DataFixtures.read(file, WITH_IMAGE, 300);

        List<String> numbers = data.images().stream()
                .map(image -> new String(image.read("It"), java.nio.charset.StandardCharsets.UTF_8))
                .toList();
        assertThat(numbers)
                .isEqualTo(IntStream.range(0, 1000).mapToObj(Integer::toString).collect(Collectors.toList()));
        assertThat(some.texts()).hasSize(300).endsWith("row 299");
        assertThat(some.images()).hasSize(300);
    }

    @Test
    void objectsAndDataAddressesOfJson() {
        String base64 = Base64.getEncoder().encodeToString(png);
        Path file = DataFixtures.write(
                folder,
                "d.jsonl",
                """
                {"text": "a", "image": "photos/a.png"}
                {"text": "b", "image": {"bytes": "%1$s", "path": null}}
                {"text": "c", "image": "data:image/png;base64,%1$s"}
                {"text": "d", "image": {"path": "photos/a.png"}}
                """
                        .formatted(base64));

        Dataset data = read(file);

        assertThat(data.images().stream().map(image -> image.read("It"))).containsOnly(png);
    }

    @Test
    void base64OfUrlsAndWithLineBreaks() {
        byte[] bytes = {-5, -16, 63, -1, -65, 0, 1};
        String safe = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String plain = Base64.getEncoder().encodeToString(bytes);
        assertThat(safe).contains("-", "_");
        Path file = DataFixtures.write(
                folder,
                "d.jsonl",
                """
                {"text": "a", "image": {"bytes": "%1$s"}}
                {"text": "b", "image": "data:image/png;base64,%1$s"}
                {"text": "c", "image": "DATA:image/png;name=a;base64,%2$s"}
                {"text": "d", "image": "data:image/png;base64,%3$s"}
                {"text": "e", "image": "data:application/octet-stream;base64,%4$s"}
                """
                        .formatted(
                                safe,
                                plain,
                                plain.replace("+", "%2B").replace("=", "%3d"),
                                plain.substring(0, 4) + "\\r\\n " + plain.substring(4)));

        assertThat(read(file).images().stream().map(image -> image.read("It"))).containsOnly(bytes);
    }

    @Test
    void otherTextIsNoBase64() {
        for (String image : List.of(
                "{\"bytes\": \"aGVs*bG8=\"}",
                "{\"bytes\": \"+_+_\"}",
                "{\"bytes\": \"b'aGVsbG8='\"}",
                "\"data:image/png;base64,aGVs:bG8=\"",
                "\"data:image/png;base64,aGVsbG8%\"",
                "\"data:image/png,aGVsbG8=\"")) {
            refused(
                    "d.jsonl",
                    "{\"text\": \"a\", \"image\": \"photos/a.png\"}\n{\"text\": \"b\", \"image\": %s}\n"
                            .formatted(image),
                    "Row 2",
                    "not base64");
        }
        refused("d.jsonl", "{\"text\": \"a\", \"image\": \"data:image/png;base64,\"}\n", "Row 1", "no image");
    }

    @Test
    void besideTokenIds() {
        Path file = DataFixtures.write(folder, "d.jsonl", "{\"input_ids\": [1, 5, 7], \"image\": \"photos/a.png\"}\n");

        Dataset data = read(file);

        assertThat(data.pretokenized()).isTrue();
        assertThat(data.images()).hasSize(1);
        assertThat(DataFixtures.read(file).images()).isNull();
    }

    @Test
    void imagesStayWithOtherLabels() {
        Path file = DataFixtures.write(folder, "d.csv", "text,label,image\nfine,1,photos/a.png\n");

        assertThat(read(file).asNumbers().images()).hasSize(1);
        assertThat(read(file).withTexts(List.of("other")).images()).hasSize(1);
    }

    @Test
    void missingImages() {
        refused("d.csv", "text,image\na,photos/a.png\nb,\n", "Row 2", "no image in column \"image\"");
        refused("d.csv", "text,image\na,photos/b.png\n", "Row 1", "b.png, which is not there");
        refused("d.csv", "text,image\na,photos\n", "photos, which is not there");
        refused("d.csv", "text,image\na,https://example.org/a.png\n", "web address", "download it");
        refused("d.csv", "text,picture\na,photos/a.png\n", "no column \"image\"", "text, picture");
        refused("d.jsonl", "{\"text\": \"a\", \"image\": {\"bytes\": null}}\n", "Row 1", "no image");
        refused("d.jsonl", "{\"text\": \"a\", \"image\": \"data:image/png;base64,A\"}\n", "not base64");
        refused("d.jsonl", "{\"text\": \"a\", \"image\": null}\n", "Row 1", "no image");
    }

    @Test
    void columnsThatHoldNoImages() {
        assertThatThrownBy(() -> read(parquet("SELECT 'a' AS text, 3 AS image")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("INTEGER and no images");
        assertThatThrownBy(() -> read(parquet("SELECT 'a' AS text, [%1$s] AS image")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("BLOB[] and no images");
        Path file = DataFixtures.write(folder, "d.csv", "text,label\na,1\n");
        assertThatThrownBy(() -> DataFixtures.read(file, ColumnMapping.DEFAULTS.withImage("text"), null))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot hold the images and something else");
    }

    private void refused(String name, String content, String... parts) {
        Path file = DataFixtures.write(folder, name, content);
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(UserException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(name).contains(parts));
    }

    /** A Parquet file; {@code %1$s} is the image's bytes. */
    private Path parquet(String query) {
        String blob = "'%s'::BLOB".formatted(HexFormat.of().formatHex(png).replaceAll("(..)", "\\\\x$1"));
        return DataFixtures.parquet(folder, "d.parquet", query.formatted(blob));
    }

    private static Dataset read(Path file) {
        return DataFixtures.read(file, WITH_IMAGE, null);
    }
}
