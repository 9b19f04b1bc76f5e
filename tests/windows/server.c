/* A server for the tests: it listens on 127.0.0.1 and the port that it is given, says so, and goes on until it is stopped. */
#include <winsock2.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **words)
{
    WSADATA data;
    struct sockaddr_in address = {0};
    BOOL on = TRUE;
    SOCKET listener;

    if (count != 2 || WSAStartup(MAKEWORD(2, 2), &data) != 0)
        return 2;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((u_short)atoi(words[1]));
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 8) != 0)
        return 1;
    /* As servers do; and by this, Wine knows whose the socket is. */
    setsockopt(listener, SOL_SOCKET, SO_KEEPALIVE, (char *)&on, sizeof on);
    printf("%lu\n", GetCurrentProcessId());
    fflush(stdout);
    Sleep(INFINITE);
    return 0;
}
