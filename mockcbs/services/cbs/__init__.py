"""The QABot APIs of Huawei Cloud CBS (对话机器人服务)."""
