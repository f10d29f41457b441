package io.scrimplb.membership.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.scrimplb.membership.Role;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlCodecTest {
    private static final Control.Self SELF = new Control.Self(
            UUID.fromString("00000000-0000-4000-8000-00000000000a"),
            Role.BACKEND,
            "wéb \"1\"",
            new InetSocketAddress("10.1.2.3", 9_999));
    private static final String MEMBER =
            "{\"id\":\"00000000-0000-4000-8000-00000000000a\",\"role\":\"lb\",\"name\":\"x\",\"address\":\"::1\",\"port\":1}";

    private final ControlCodec codec = new ControlCodec();

    private Control decode(String text) throws BadFrameException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return codec.decode(bytes, 0, bytes.length);
    }

    private Control again(Control control) throws BadFrameException {
        byte[] bytes = codec.encode(control);
        assertThat(bytes.length).isLessThanOrEqualTo(ControlCodec.MAX_BYTES);
        return codec.decode(bytes, 0, bytes.length);
    }

    @Test
    void helloSurvives() throws Exception {
        Control.Hello hello = new Control.Hello(new Versions(1, 3, "5.5.7"), "ein \u00e4 Cluster", SELF);
        assertThat(again(hello)).isEqualTo(hello);
    }

    @Test
    void welcomeSurvivesWithAndWithoutCertificate() throws Exception {
        assertThat(again(new Control.Welcome(1, SELF, null))).isEqualTo(new Control.Welcome(1, SELF, null));
        byte[] certificate = new byte[1_024];
        new Random(1).nextBytes(certificate);
        Control.Welcome read = (Control.Welcome) again(new Control.Welcome(2, SELF, certificate));
        assertThat(read.certificate()).isEqualTo(certificate);
        assertThat(read.self()).isEqualTo(SELF);
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void refusalSurvives(Refusal reason) throws Exception {
        assertThat(again(new Control.Refused(reason, "detail"))).isEqualTo(new Control.Refused(reason, "detail"));
    }

    @Test
    void goodbyeSurvives() throws Exception {
        assertThat(again(new Control.Goodbye())).isEqualTo(new Control.Goodbye());
    }

    @Test
    void unknownFieldsAreIgnoredAndUnknownReasonsAreKept() throws Exception {
        assertThat(decode("{\"type\":\"goodbye\",\"mood\":{\"a\":[1,{}]}}")).isEqualTo(new Control.Goodbye());
        assertThat(decode("{\"type\":\"refused\",\"reason\":\"full\\nmoon\"}"))
                .isEqualTo(new Control.Refused(Refusal.NOT_GRANTED, "full?moon"));
        assertThat(decode("{\"type\":\"welcome\",\"version\":1,\"later\":1.5,\"member\":" + MEMBER + "}"))
                .isInstanceOf(Control.Welcome.class);
    }

    @Test
    void detailIsFitForALine() throws Exception {
        Control.Refused refused = (Control.Refused) decode(
                "{\"type\":\"refused\",\"reason\":\"itself\",\"detail\":\"a\\u001b[2Jb" + "c".repeat(1_000) + "\"}");
        assertThat(refused.detail()).startsWith("a?[2Jbc").hasSizeLessThan(310);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "7",
                "{}",
                "{\"type\":7}",
                "{\"type\":\"song\"}",
                "{\"type\":\"goodbye\"}{}",
                "{\"type\":\"goodbye\",\"type\":\"goodbye\"}",
                "{\"type\":\"goodbye\",\"a\":{\"a\":{\"a\":{\"a\":{}}}}}",
                "{\"type\":\"goodbye\",\"n\":1234567890123456789012345}",
                "{\"type\":\"hello\"}",
                "{\"type\":\"refused\"}",
                "{\"type\":\"welcome\",\"version\":1}",
                "{\"type\":\"welcome\",\"version\":1,\"member\":[]}",
                "{\"type\":\"welcome\",\"version\":\"1\",\"member\":" + MEMBER + "}",
                "{\"type\":\"welcome\",\"version\":1.0,\"member\":" + MEMBER + "}",
                "{\"type\":\"welcome\",\"version\":2147483648,\"member\":" + MEMBER + "}",
                "{\"type\":\"welcome\",\"version\":1,\"certificate\":\"!\",\"member\":" + MEMBER + "}",
                "{\"type\":\"hello\",\"versions\":[1],\"stream\":\"s\",\"cluster\":\"c\",\"member\":" + MEMBER + "}",
                "{\"type\":\"hello\",\"versions\":[1,{}],\"stream\":\"s\",\"cluster\":\"c\",\"member\":" + MEMBER + "}",
                "{\"type\":\"hello\",\"versions\":{\"0\":1,\"1\":1},\"stream\":\"s\",\"cluster\":\"c\",\"member\":"
                        + MEMBER + "}",
                "\u0000"
            })
    void othersAreBad(String text) {
        assertThatExceptionOfType(BadFrameException.class).isThrownBy(() -> decode(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"port\":0", "\"port\":65536", "\"port\":-1", "\"port\":\"1\"", "\"address\":\"localhost\"",
                "\"address\":\"1.2.3\"", "\"address\":\"\"", "\"role\":\"root\"", "\"role\":null", "\"name\":1",
                "\"id\":\"1-1-1-1-1\"", "\"id\":\"00000000-0000-4000-8000-00000000000A\"", "\"id\":\"\""
            })
    void membersThatAreNoneAreBad(String field) {
        String name = field.substring(0, field.indexOf(':'));
        String changed =
                MEMBER.replaceFirst(name + ":(\"[^\"]*\"|[0-9]+)", java.util.regex.Matcher.quoteReplacement(field));
        assertThat(changed).isNotEqualTo(MEMBER);
        assertThatExceptionOfType(BadFrameException.class)
                .isThrownBy(() -> decode("{\"type\":\"welcome\",\"version\":1,\"member\":" + changed + "}"));
    }

    @Test
    void longOnesAreBad() {
        assertThatExceptionOfType(BadFrameException.class)
                .isThrownBy(() -> decode("{\"type\":\"goodbye\"" + " ".repeat(ControlCodec.MAX_BYTES) + "}"));
        assertThatExceptionOfType(BadFrameException.class)
                .isThrownBy(() -> decode("{\"type\":\"goodbye\",\"a\":\"" + "b".repeat(6 * 1024 + 1) + "\"}"));
        assertThatExceptionOfType(BadFrameException.class)
                .isThrownBy(() -> decode("{\"type\":\"hello\",\"versions\":[1,1],\"stream\":\"s\",\"cluster\":\""
                        + "c".repeat(ControlCodec.CLUSTER_CHARS + 1) + "\",\"member\":" + MEMBER + "}"));
    }
}
