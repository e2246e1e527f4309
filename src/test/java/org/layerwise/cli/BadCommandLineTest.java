package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.cli.console.Cancellation;
import org.layerwise.cli.console.CommandContext;
import org.layerwise.cli.console.Console;
import org.layerwise.cli.console.ExitCode;

class BadCommandLineTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    --samples=0           | --samples must be at least 1, but is 0.
                    --max-length=0        | --max-length must be at least 1, but is 0.
                    --batch=-2            | --batch must be at least 1, but is -2.
                    --r=0                 | --r must be from 1 to 65536, but is 0.
                    --r=2.5               | --r must be a whole number, but is "2.5".
                    --alpha=0             | --alpha must be above 0 and at most 1000000, but is 0.
                    --dropout=1           | --dropout must be at least 0 and below 1, but is 1.
                    --model-dropout=-0.1  | --model-dropout must be at least 0 and below 1, but is -0.1.
                    --model-dropout=half  | --model-dropout must be "config" or a number
                    --lr=0                | --lr must be above 0 and at most 1000000, but is 0.
                    --lr=NaN              | --lr must be above 0 and at most 1000000, but is NaN.
                    --lr=Infinity         | --lr must be above 0 and at most 1000000, but is Infinity.
                    --lr=fast             | --lr must be a number, but is "fast".
                    --warmup-ratio=1.5    | --warmup-ratio must be from 0 to 1, but is 1.5.
                    --warmup-steps=-1     | --warmup-steps must be at least 0, but is -1.
                    --weight-decay=-1     | --weight-decay must be at least 0, but is -1.
                    --epochs=0            | --epochs must be above 0, but is 0.
                    --steps=0             | --steps must be at least 1, but is 0.
                    --accumulate=0        | --accumulate must be at least 1, but is 0.
                    --max-grad-norm=-1    | --max-grad-norm must be at least 0, but is -1.
                    --target-modules=a,,b | --target-modules must be NAME or NAME,NAME, but is "a,,b".
                    --text=a,b,c          | --text must be COL or COL,COL2, but is "a,b,c".
                    --text=a,             | --text must be COL or COL,COL2, but is "a,".
                    --device=gpu          | --device must be auto, cpu, cuda or cuda:i, but is "gpu".
                    --dtype=fp16          | --dtype must be one of auto, f32, bf16, f16, but is "fp16"; the nearest one is "f16".
                    --load=half           | --load must be one of auto, whole, layers, none, but is "half".
                    --dtpe=f32            | Unknown option: '--dtpe=f32'; did you mean --dtype?
                    --image=              | --image is empty; write --image COL, or leave it out.
                    --scheduler=step      | must be one of constant, constant_with_warmup, linear, cosine
                    --task=guess          | --task must be one of classification, regression, causal-lm, but is "guess".
                    --epoch=1             | Unknown option: '--epoch=1'; did you mean --epochs?
                    --samples=99999999999 | --samples is too large: 99999999999.
                    --validation=         | --validation is empty; write --validation FILE[,FILE...], or leave it out.
                    --layers=             | --layers is empty; write --layers 1,3,5
                    --config=             | --config is empty
                    --selection=          | --selection is empty
                    """)
    void aWrongFlagIsOneLineAndLeavesNothing(String flag, String message) throws IOException {
        assertRefused(message, "train", "--model", "nowhere", "--data", "rows.tsv", "--out", out(), flag);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    select --analysis=a --ratio=0.5 --top=3                       | --ratio and --top exclude each other
                    select --analysis=a --threshold=0.5 --layers=1                | --threshold and --layers exclude each other
                    select --analysis=a --ratio=0                                 | --ratio must be above 0 and at most 1, but is 0.
                    analyze --model=m --data=d --ratio=1.5                        | --ratio must be above 0 and at most 1, but is 1.5.
                    analyze --model=m --data=d --measure=rsa,cca                  | but is "rsa,cca"; the nearest one is "cka".
                    analyze --model=m --data=d --measure=rsa,rsa                  | --measure must be measures of which none is named twice
                    select --analysis=a --top=0                                   | --top must be at least 1, but is 0.
                    select --analysis=a --threshold=NaN                           | --threshold must be a finite number
                    select --analysis=a --undefined=maybe                         | none of exclude, include
                    train --model=m --data=d --epochs=1 --steps=2                 | --epochs and --steps exclude each other
                    train --model=m --data=d --selection=s --layers=2             | --selection and --layers exclude each other
                    train --model=m --data=d --warmup-ratio=0 --warmup-steps=2    | --warmup-ratio and --warmup-steps exclude each other
                    analyze --representations=r --model=m --data=d                | exclude each other
                    analyze --representations=r --image=i                         | --representations and --image exclude each other
                    analyze --representations=r --load=layers                     | --representations and --load exclude each other
                    analyze --representations=r --samples=3                       | --representations and --samples exclude each other
                    analyze                                                       | There is nothing to analyze
                    analyze --data=d                                              | No model is named
                    analyze --model=m                                             | No data is named
                    evaluate --data=d                                             | No model is named
                    extract --model=m --data=d --position=middle                  | --position must be one of first, last, mean, but is "middle".
                    extract --model=m --data=                                     | --data is empty
                    extract --model= --data=d                                     | --model is empty
                    analyze --model=samples --data=sample:definitions             | There is no folder samples; did you mean --model sample?
                    analyse                                                       | did you mean
                    """)
    void aWrongCommandLineIsOneLineAndLeavesNothing(String args, String message) throws IOException {
        assertRefused(message, (args + " --out=" + out()).split(" "));
    }

    @Test
    void anEmptyOutputIsRefused() throws IOException {
        assertRefused("--out is empty; write --out DIR.", "analyze", "--model", "m", "--data", "d", "--out", "");
    }

    @Test
    void aCommandLikeNoneIsRefusedWithoutASuggestion() throws IOException {
        assertRefused("There is no command visualise.", "visualise");
        assertThat(cli.errLines().get(0)).doesNotContain("did you mean");
    }

    @Test
    void whatAMessageQuotesCannotSteerTheTerminal() throws IOException {
        assertRefused(
                "\\u001B[2Jx", "train", "--model", "m", "--data", "d", "--out", out(), "--device", "\u001B[2Jx\n");
        assertThat(cli.errLines().get(0)).doesNotContain("\u001B");
    }

    @Test
    void aVeryLongMessageIsCut() throws IOException {
        assertRefused(
                "--device must be auto, cpu, cuda or cuda:i",
                "train",
                "--model=m",
                "--data=d",
                "--out=" + out(),
                "--device=" + "x".repeat(9000));
        assertThat(cli.errLines().get(0)).hasSizeLessThan(650).contains(" ... ");
    }

    @Test
    void aNameThatNoFileCanHaveIsRefused() throws IOException {
        assertRefused("cannot be the name of a file", "train", "--model=m", "--data=d", "--out=a\0b");
    }

    @Test
    void outputFilesThatAreFoldersAreRefusedBeforeTheWorkStarts() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("taken"));
        for (String args : List.of("extract --out", "evaluate --out", "evaluate --predictions")) {
            String[] words = (args + "=" + taken + " --model=nowhere --data=d").split(" ");

            assertThat(cli.run(words)).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(cli.errLines())
                    .containsExactly("layerwise: Cannot write %s: it is a folder; name a file.".formatted(taken));
        }
        assertThat(taken).isEmptyDirectory();
    }

    @Test
    void predictionsAndMetricsCannotShareAFile() throws IOException {
        assertRefused("both name", "evaluate", "--model=m", "--data=d", "--out=" + out(), "--predictions=" + out());
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamedWithTheWayOut() throws IOException {
        Path file = Files.writeString(folder.resolve("cache"), "in the way");

        assertThat(cli.run("extract", "--model=sample", "--data=sample:definitions", "--out=" + out()))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines())
                .singleElement()
                .asString()
                .startsWith("layerwise: Cannot write the cache folder %s; set ".formatted(file));
    }

    @Test
    void aResultThatCannotBeWrittenIsNoSuccess() {
        PrintStream full = new PrintStream(new OutputStream() {
            @Override
            public void write(int letter) throws IOException {
                throw new IOException("No space left on device");
            }
        });
        assertThat(Main.run(printingTo(full, false), "--version")).isEqualTo(ExitCode.INTERNAL);
        assertThat(cli.errLines()).singleElement().asString().contains("standard output cannot be written");
    }

    private CommandContext printingTo(PrintStream out, boolean piped) {
        return new CommandContext(
                new Console(out, cli.context().console().err(), false, piped),
                cli.context().folders(),
                new Cancellation(),
                Map.of());
    }

    @Test
    void filesThatWereWrittenAreNotToldAsLost() throws IOException {
        Path analysis = Files.createDirectory(folder.resolve("analysis"));
        Files.writeString(
                analysis.resolve("analysis.json"),
                """
                {"model": "m", "data": "d", "samples": 8, "measure": "cka", "settings": {}, "versions": {},
                 "similarity": [[1, 0.9, 0.5], [0.9, 1, 0.6], [0.5, 0.6, 1]]}
                """);
        PrintStream full = new PrintStream(OutputStream.nullOutputStream());
        full.close();

        assertThat(Main.run(printingTo(full, false), "select", "--analysis=" + analysis, "--out=" + out()))
                .isEqualTo(ExitCode.INTERNAL);

        assertThat(cli.errLines())
                .containsExactly(
                        "layerwise: Standard output cannot be written, so what was to be printed is lost; the files are written.");
        assertThat(Path.of(out())).exists();
    }

    /** As with {@code layerwise inspect --all | head -1}. */
    @Test
    void aReaderThatHasReadEnoughIsNoFault() {
        PrintStream closed = new PrintStream(OutputStream.nullOutputStream());
        closed.close();

        assertThat(Main.run(printingTo(closed, true), "--help")).isEqualTo(ExitCode.UNREAD);
        assertThat(cli.errLines()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"help trainn", "trainn --help", "trainn --version"})
    void thereIsNoHelpForWhatIsNoCommand(String line) throws IOException {
        assertRefused("There is no command trainn; did you mean train?", line.split(" "));
    }

    @Test
    void aFolderInThePlaceOfAFileIsCalledOne() {
        cli.run("train", "--model=sample", "--data=sample:definitions", "--out=" + out(), "--config=" + folder);
        assertThat(cli.errLines()).containsExactly("layerwise: %s is a folder; name a file.".formatted(folder));
    }

    @Test
    void anAddressIsNotRead() {
        cli.run("analyze", "--model=sample", "--data=https://example.org/rows.csv", "--out=" + out());
        assertThat(cli.errLines())
                .last()
                .asString()
                .contains("https://example.org/rows.csv is an address", "download it first");
    }

    @Test
    void aMissingFlagIsNamed() throws IOException {
        assertRefused("Missing required option: '--out=FILE.safetensors'", "extract", "--model", "m", "--data", "d");
        assertRefused("No run folder is named; give --out DIR", "train", "--model", "m", "--data", "d");
    }

    @Test
    void aMissingCommandIsNamed() {
        assertThat(cli.run("--")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).containsExactly("layerwise: No command is named. See 'layerwise --help'.");
    }

    @Test
    void anOutputFolderThatIsAFileIsRefusedBeforeTheWorkStarts() throws IOException {
        Path file = Files.writeString(folder.resolve("taken"), "text");

        assertThat(cli.run("train", "--model=nowhere", "--data=rows.tsv", "--out=" + file))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).singleElement().asString().contains(file.toString(), "is a file");
        assertThat(file).hasContent("text");
    }

    private String out() {
        return folder.resolve("result").toString();
    }

    private void assertRefused(String message, String... args) throws IOException {
        assertThat(cli.run(args)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines())
                .singleElement()
                .asString()
                .startsWith("layerwise")
                .contains(message)
                .matches(".*[.?]( See .*)?");
        assertThat(cli.out()).isEmpty();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
