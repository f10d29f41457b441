/**
 * How strictly messages are read, as data: each case holds the bytes a client sends, the bytes an origin answers, what the
 * client must see to the last byte, and the exact bytes that must have reached the origin. One class a theme; a case is named
 * after the smuggling class or the paragraph it stands for. {@link io.scrimplb.proxy.strict.StrictProxy#verify} plays a case:
 * a canary request behind each one proves that the proxy serves on, that nothing else reached the origin, and whether the
 * origin's connection was used again.
 *
 * <p>Sources, named in the cases by these words:
 *
 * <ul>
 *   <li>RFC 9110, RFC 9112, RFC 3986: the paragraphs.
 *   <li>Linhart 2005: C. Linhart, A. Klein, R. Heled, S. Orrin, "HTTP Request Smuggling", Watchfire.
 *   <li>Klein 2020: A. Klein, "HTTP Request Smuggling in 2020", Black Hat USA.
 *   <li>Kettle 2019, 2022, 2025: J. Kettle, "HTTP Desync Attacks: Request Smuggling Reborn", "Browser-Powered Desync Attacks",
 *       "HTTP/1.1 must die: the desync endgame", PortSwigger Research.
 *   <li>T-Reqs 2021: B. Jabiyev et al., "T-Reqs: HTTP Request Smuggling with Differential Fuzzing", ACM CCS.
 *   <li>Grenfeldt 2021: M. Grenfeldt et al., "Attacking Websites: Detecting and Preventing Server-Side Request Smuggling",
 *       IEEE EDOC.
 *   <li>Weikop 2025: J. B. Weikop, "Funky chunks: abusing ambiguous chunk line terminators for request smuggling".
 *   <li>Smuggler 2020: E. Sandler, "Smuggler", the list of mutations of Transfer-Encoding.
 *   <li>h2c 2020: J. Miller, "h2c Smuggling", Bishop Fox.
 *   <li>HHA 2020: N. Davison, "Abusing HTTP hop-by-hop request headers".
 * </ul>
 */
@NullMarked
package io.scrimplb.proxy.strict;

import org.jspecify.annotations.NullMarked;
