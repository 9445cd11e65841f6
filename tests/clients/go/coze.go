// Speaks to Coze as a statically typed client in Go does: bodies with a connector_id that is empty, streams of which
// each event is read line by line, responses decoded into structs whose types must fit.
//
// Usage: coze BASE_URL; prints what came of every call as one JSON object.
package main

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const (
	bot      = "7342866812345678901"
	workflow = "7389589103588700001"
	chatflow = "7389589103588700009"
	space    = "7361424235321600001"
)

type usage struct {
	TokenCount  int `json:"token_count"`
	OutputCount int `json:"output_count"`
	InputCount  int `json:"input_count"`
}

type chat struct {
	ID             string            `json:"id"`
	ConversationID string            `json:"conversation_id"`
	BotID          string            `json:"bot_id"`
	CreatedAt      int               `json:"created_at"`
	CompletedAt    int               `json:"completed_at"`
	MetaData       map[string]string `json:"meta_data"`
	LastError      *struct {
		Code int    `json:"code"`
		Msg  string `json:"msg"`
	} `json:"last_error"`
	Status string `json:"status"`
	Usage  *usage `json:"usage"`
}

type message struct {
	Role        string            `json:"role"`
	Type        string            `json:"type,omitempty"`
	Content     string            `json:"content"`
	ContentType string            `json:"content_type"`
	MetaData    map[string]string `json:"meta_data,omitempty"`
	ID          string            `json:"id,omitempty"`
	ChatID      string            `json:"chat_id,omitempty"`
	BotID       string            `json:"bot_id,omitempty"`
	SectionID   string            `json:"section_id,omitempty"`
	CreatedAt   int64             `json:"created_at,omitempty"`
	UpdatedAt   int64             `json:"updated_at,omitempty"`
}

type history struct {
	ExecuteID     string `json:"execute_id"`
	ExecuteStatus string `json:"execute_status"`
	BotID         string `json:"bot_id"`
	ConnectorID   string `json:"connector_id"`
	ConnectorUid  string `json:"connector_uid"`
	RunMode       int    `json:"run_mode"`
	LogID         string `json:"logid"`
	CreateTime    int    `json:"create_time"`
	UpdateTime    int    `json:"update_time"`
	Output        string `json:"output"`
	ErrorCode     string `json:"error_code"`
	ErrorMessage  string `json:"error_message"`
	DebugURL      string `json:"debug_url"`
	Usage         *usage `json:"usage"`
}

type nodeMessage struct {
	Content      string         `json:"content"`
	NodeTitle    string         `json:"node_title"`
	NodeSeqID    string         `json:"node_seq_id"`
	NodeIsFinish bool           `json:"node_is_finish"`
	Ext          map[string]any `json:"ext"`
	Usage        *usage         `json:"usage"`
}

type file struct {
	ID        string `json:"id"`
	Bytes     int    `json:"bytes"`
	CreatedAt int    `json:"created_at"`
	FileName  string `json:"file_name"`
}

type client struct {
	base, token string
	seen        map[string]any
}

// request sends a body as JSON; the response must have a log id.
func (c *client) request(method, path string, body any) *http.Response {
	var content io.Reader
	if body != nil {
		encoded, _ := json.Marshal(body)
		content = bytes.NewBuffer(encoded)
	}
	made, err := http.NewRequest(method, c.base+path, content)
	must(err)
	made.Header.Set("User-Agent", "cozego/0.1.0 go/1.19 linux/")
	made.Header.Set("X-Coze-Client-User-Agent", `{"version":"0.1.0","lang":"go","lang_version":"1.19","os_name":"linux","os_version":""}`)
	made.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		made.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	return c.send(made)
}

func (c *client) send(made *http.Request) *http.Response {
	response, err := http.DefaultClient.Do(made)
	must(err)
	if response.Header.Get("X-Tt-Logid") == "" {
		must(fmt.Errorf("%s has no log id", made.URL))
	}
	return response
}

// call decodes the member data into found, and returns code and message.
func (c *client) call(method, path string, body, found any) (int, string) {
	return decoded(c.request(method, path, body), found)
}

func decoded(response *http.Response, found any) (int, string) {
	defer response.Body.Close()
	envelope := struct {
		Code int    `json:"code"`
		Msg  string `json:"msg"`
		Data any    `json:"data"`
	}{Data: found}
	content, err := io.ReadAll(response.Body)
	must(err)
	if err := json.Unmarshal(content, &envelope); err != nil {
		must(fmt.Errorf("%s: %s: %w", response.Request.URL, content, err))
	}
	return envelope.Code, envelope.Msg
}

// chatStream reads lines: data follows event at once.
func (c *client) chatStream(path string, body any) (names []string, answer string, last chat) {
	response := c.request("POST", path, body)
	defer response.Body.Close()
	if !strings.Contains(response.Header.Get("Content-Type"), "text/event-stream") {
		must(fmt.Errorf("%s is no stream", path))
	}
	reader := bufio.NewReader(response.Body)
	for {
		line, _, err := reader.ReadLine()
		if err == io.EOF {
			return
		}
		must(err)
		if !bytes.HasPrefix(line, []byte("event:")) {
			continue
		}
		name := strings.TrimSpace(string(line[6:]))
		data, err := reader.ReadString('\n')
		must(err)
		data = strings.TrimSpace(data[5:])
		names = append(names, name)
		switch {
		case strings.HasPrefix(name, "conversation.message."):
			var found message
			must(json.Unmarshal([]byte(data), &found))
			if name == "conversation.message.delta" {
				answer += found.Content
			}
		case strings.HasPrefix(name, "conversation.chat."):
			must(json.Unmarshal([]byte(data), &last))
		}
	}
}

// workflowStream reads three lines for each event.
func (c *client) workflowStream(path string, body any) (names []string, contents []string, eventID string) {
	response := c.request("POST", path, body)
	defer response.Body.Close()
	reader := bufio.NewReader(response.Body)
	for {
		line, _, err := reader.ReadLine()
		if err == io.EOF {
			return
		}
		must(err)
		if !bytes.HasPrefix(line, []byte("id:")) {
			continue
		}
		name, err := reader.ReadString('\n')
		must(err)
		data, err := reader.ReadString('\n')
		must(err)
		name, data = strings.TrimSpace(name[6:]), strings.TrimSpace(data[5:])
		names = append(names, name)
		switch name {
		case "Message":
			var found nodeMessage
			must(json.Unmarshal([]byte(data), &found))
			contents = append(contents, found.Content)
		case "Interrupt":
			var found struct {
				InterruptData struct {
					EventID string `json:"event_id"`
					Type    int    `json:"type"`
				} `json:"interrupt_data"`
				NodeTitle string `json:"node_title"`
			}
			must(json.Unmarshal([]byte(data), &found))
			eventID = found.InterruptData.EventID
		case "Error":
			var found struct {
				ErrorCode    int    `json:"error_code"`
				ErrorMessage string `json:"error_message"`
			}
			must(json.Unmarshal([]byte(data), &found))
			contents = append(contents, fmt.Sprint(found.ErrorCode))
		case "Done":
			var found struct {
				DebugURL string `json:"debug_url"`
			}
			must(json.Unmarshal([]byte(data), &found))
		}
	}
}

func question(text string) map[string]any {
	return map[string]any{
		"bot_id": bot, "user_id": "u", "connector_id": "",
		"additional_messages": []message{{Role: "user", Type: "question", Content: text, ContentType: "text"}},
	}
}

func (c *client) chats() {
	var talk struct {
		ID            string `json:"id"`
		CreatedAt     int    `json:"created_at"`
		LastSectionID string `json:"last_section_id"`
	}
	c.call("POST", "/v1/conversation/create", map[string]any{"bot_id": bot, "connector_id": ""}, &talk)
	asked := question("桌面云打不开")
	asked["stream"], asked["auto_save_history"] = false, true
	var begun, ended chat
	c.call("POST", "/v3/chat?conversation_id="+talk.ID, asked, &begun)
	where := "?" + url.Values{"conversation_id": {begun.ConversationID}, "chat_id": {begun.ID}}.Encode()
	for ended.Status != "completed" {
		c.call("GET", "/v3/chat/retrieve"+where, nil, &ended)
	}
	var messages []message
	c.call("GET", "/v3/chat/message/list"+where, nil, &messages)
	c.seen["chat"] = []any{begun.Status, ended.Status, ended.Usage.TokenCount > 0, len(messages[0].Content) > 0}
	var page []message
	listed := map[string]any{"limit": 50, "order": "asc"}
	c.call("POST", "/v1/conversation/message/list?conversation_id="+talk.ID, listed, &page)
	c.seen["messages"] = len(page)

	stream := question("桌面云打不开")
	stream["stream"] = true
	names, answer, last := c.chatStream("/v3/chat", stream)
	c.seen["stream"] = []any{names[0], names[len(names)-2], names[len(names)-1], answer == messages[0].Content, last.Status}

	flow := map[string]any{"workflow_id": chatflow, "additional_messages": asked["additional_messages"]}
	names, _, _ = c.chatStream("/v1/workflows/chat", flow)
	c.seen["chatflow"] = []any{names[0], names[len(names)-1]}

	c.call("POST", "/v3/chat", question("x"), &begun)
	var canceled chat
	cancel := map[string]any{"conversation_id": begun.ConversationID, "chat_id": begun.ID}
	code, _ := c.call("POST", "/v3/chat/cancel", cancel, &canceled)
	again, _ := c.call("POST", "/v3/chat/cancel", cancel, nil)
	c.seen["cancel"] = []any{code, canceled.Status, again}
}

func (c *client) workflows() {
	var data string
	run := map[string]any{"workflow_id": workflow, "connector_id": "", "parameters": map[string]any{"a": "b"}}
	code, _ := c.call("POST", "/v1/workflow/run", run, &data)
	c.seen["run"] = []any{code, data}

	names, contents, _ := c.workflowStream("/v1/workflow/stream_run", run)
	c.seen["stream_run"] = []any{names, contents}
	run["parameters"] = map[string]any{"mockcbs": "ask"}
	names, _, eventID := c.workflowStream("/v1/workflow/stream_run", run)
	resumed := map[string]any{"workflow_id": workflow, "event_id": eventID, "resume_data": "x", "interrupt_type": 2}
	more, _, _ := c.workflowStream("/v1/workflow/stream_resume", resumed)
	c.seen["resume"] = append(names, more...)
	names, contents, _ = c.workflowStream("/v1/workflow/stream_run", map[string]any{"workflow_id": "0000000000004200"})
	c.seen["error"] = []any{names, contents}

	response := c.request("POST", "/v1/workflow/run", map[string]any{"workflow_id": workflow, "is_async": true})
	var begun struct {
		ExecuteID string `json:"execute_id"`
		DebugURL  string `json:"debug_url"`
	}
	must(json.NewDecoder(response.Body).Decode(&begun))
	response.Body.Close()
	var states []string
	for len(states) == 0 || states[len(states)-1] == "Running" {
		var found []history
		c.call("GET", "/v1/workflows/"+workflow+"/run_histories/"+begun.ExecuteID, nil, &found)
		states = append(states, found[0].ExecuteStatus)
	}
	c.seen["history"] = states
}

func (c *client) files() {
	body := &bytes.Buffer{}
	writer := multipart.NewWriter(body)
	part, err := writer.CreateFormFile("file", "a.png")
	must(err)
	part.Write([]byte("image"))
	writer.Close()
	made, err := http.NewRequest("POST", c.base+"/v1/files/upload", body)
	must(err)
	made.Header.Set("Content-Type", writer.FormDataContentType())
	made.Header.Set("Authorization", "Bearer "+c.token)
	var sent, found file
	decoded(c.send(made), &sent)
	c.call("GET", "/v1/files/retrieve?file_id="+sent.ID, nil, &found)
	c.seen["file"] = []any{found.FileName, found.Bytes, found == sent}
}

func (c *client) lists() {
	var bots struct {
		SpaceBots []struct {
			BotID       string `json:"bot_id"`
			BotName     string `json:"bot_name"`
			PublishTime string `json:"publish_time"`
		} `json:"space_bots"`
		Total int `json:"total"`
	}
	c.call("GET", "/v1/space/published_bots_list?page_index=1&page_size=20&space_id="+space, nil, &bots)
	c.seen["bots"] = bots.Total == len(bots.SpaceBots) && bots.Total > 0
	code, text := c.call("GET", "/v1/bot/get_online_info?bot_id=invalid", nil, nil)
	c.seen["refused"] = []any{code, strings.HasPrefix(text, "Request parameter error")}
}

// jwt gets a token for a JWT that is signed here, and uses it.
func (c *client) jwt() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	now := time.Now().Unix()
	claims := map[string]any{
		"iss": "app", "aud": strings.TrimPrefix(c.base, "http://"), "iat": now, "exp": now + 900, "jti": fmt.Sprint(now),
	}
	text := part64(map[string]any{"alg": "RS256", "typ": "JWT", "kid": "key"}) + "." + part64(claims)
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	must(err)
	issuer := client{base: c.base, token: text + "." + base64.RawURLEncoding.EncodeToString(signature)}
	response := issuer.request("POST", "/api/permission/oauth2/token", map[string]any{
		"client_id": "app", "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "duration_seconds": 900,
	})
	var token struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int32  `json:"expires_in"`
	}
	must(json.NewDecoder(response.Body).Decode(&token))
	response.Body.Close()
	user := client{base: c.base, token: token.AccessToken}
	code, _ := user.call("GET", "/v1/users/me", nil, nil)
	c.seen["jwt"] = []any{int64(token.ExpiresIn) > now, code}
}

func part64(content any) string {
	encoded, err := json.Marshal(content)
	must(err)
	return base64.RawURLEncoding.EncodeToString(encoded)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	made := &client{base: os.Args[1], token: "pat_go", seen: map[string]any{}}
	made.chats()
	made.workflows()
	made.files()
	made.lists()
	made.jwt()
	must(json.NewEncoder(os.Stdout).Encode(made.seen))
}
